<?php declare(strict_types=1);
namespace Shop;

trait Counts
{
    public function left(int $stock, int $sold): int
    {
        return max(0, $stock - $sold);
    }
}

final class Stock
{
    use Counts;

    public function isEmpty(int $stock): bool
    {
        return $stock === 0;
    }
}
