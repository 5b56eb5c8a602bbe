<?php
namespace Acme\Shop;

final class Point
{
    public function __construct(
        public readonly int $x = 0,
        public readonly int $y = 0,
    ) {}

    public function sum(): int
    {
        return array_sum([
            $this->x,
            $this->y,
        ]);
    }
}
