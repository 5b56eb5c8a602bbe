<?php
namespace Acme\Shop;

class Wallet
{
    private $cents = 0;

    public function __construct(int $cents) { $this->cents = $cents; }

    public function cents(): int { return $this->cents; }

    public function idle(): int { return 0; }

    public function pay(int $cents): bool
    {
        if ($cents <= 0 || $cents > $this->cents) {
            return false;
        }
        $this->cents -= $cents;
        return true;
    }

    public function shown(string $currency): string
    {
        switch ($currency) {
            case 'EUR':
                return $this->cents . ' €';
            default:
                return $currency . ' ' . $this->cents;
        }
    }

    public function same(Wallet $other): bool { return $this == $other; }
}
