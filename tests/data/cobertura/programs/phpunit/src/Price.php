<?php declare(strict_types=1);
namespace Shop;

final class Price
{
    private const RATES = [
        'member' => 90,
        'guest' => 100,
    ];

    private array $log = [
        'created',
    ];

    public function of(int $amount, bool $member = false): int
    {
        if ($amount < 0) {
            throw new \InvalidArgumentException('amount');
        }
        $rate = self::RATES[$member ? 'member' : 'guest'];
        $rounded = array_map(
            fn (int $value): int => $value,
            [$amount]
        );

        return intdiv($rounded[0] * $rate, 100);
    }

    public function label(): string { return 'price'; }
}
