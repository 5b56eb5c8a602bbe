use lib 'lib';
use Wallet;

my $wallet = Wallet->new(10);
$wallet->pay(5);
$wallet->pay(100) for 1 .. 2;
