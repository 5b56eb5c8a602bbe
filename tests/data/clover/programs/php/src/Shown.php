<?php
namespace Acme\Shop;

interface Shown
{
    const A = 1;
    public function shown(string $currency): string;
}
