<?php declare(strict_types=1);
require_once __DIR__ . '/../src/Price.php';
require_once __DIR__ . '/../src/Stock.php';
require_once __DIR__ . '/../src/functions.php';

use PHPUnit\Framework\TestCase;

final class ShopTest extends TestCase
{
    public function testPrice(): void
    {
        $this->assertSame(50, (new Shop\Price)->of(50));
    }

    public function testStock(): void
    {
        $this->assertSame(2, (new Shop\Stock)->left(3, 1));
    }

    public function testCurrency(): void
    {
        $this->assertSame('EUR', Shop\currency());
    }
}
