<?php declare(strict_types=1);

if (!defined('SHOP')) {
    define('SHOP', 1);
}
