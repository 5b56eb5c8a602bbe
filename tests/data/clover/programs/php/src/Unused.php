<?php
namespace Acme\Shop;

trait Unused
{
    public function one(): int { return 1; }
    public function two($a)
    {
        if ($a) {
            return 2;
        }
        return 3;
    }
}
