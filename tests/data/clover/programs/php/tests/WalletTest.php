<?php
use Acme\Shop\Point;
use Acme\Shop\Wallet;
use function Acme\Shop\suits;
use PHPUnit\Framework\TestCase;

foreach (['Shown', 'Wallet', 'Point', 'Suit'] as $name) {
    require_once __DIR__ . "/../src/$name.php";
}

final class WalletTest extends TestCase
{
    public function testPays(): void
    {
        $wallet = new Wallet(10);
        $this->assertFalse($wallet->pay(20));
        $this->assertTrue($wallet->pay(5));
        $this->assertSame(5, $wallet->cents());
        $this->assertSame('5 €', $wallet->shown('EUR'));
    }

    public function testPoint(): void
    {
        $this->assertSame(3, (new Point(1, 2))->sum());
        $this->assertTrue((new Wallet(1))->same(new Wallet(1)));
        $this->assertTrue(suits(false)[0]->red());
    }
}
