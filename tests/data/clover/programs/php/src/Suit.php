<?php
namespace Acme\Shop;

enum Suit: string
{
    case Hearts = 'H';
    case Spades = 'S';

    public function red(): bool { return $this === Suit::Hearts
        || $this->name === 'Diamonds';
    }

    public function initial(): string
    {
        return $this->value;
    }

    public function black(): bool { return !$this->red(); }
}

function suits(bool $reversed): array
{
    return $reversed
        ? [Suit::Spades, Suit::Hearts]
        : [Suit::Hearts, Suit::Spades];
}
