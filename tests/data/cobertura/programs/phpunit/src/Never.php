<?php declare(strict_types=1);
namespace Shop;

final class Never
{
    public function called(): int
    {
        return 1;
    }
}
