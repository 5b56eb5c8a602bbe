package Wallet;
use strict; use warnings;

sub new { my ($class, $cents) = @_; return bless { cents => $cents }, $class; }

sub pay {
    my ($self, $cents) = @_;
    if ($cents <= 0 || $cents > $self->{cents}) {
        return 0;
    }
    $self->{cents} -= $cents;
    return $cents > 100 ? 2 : 1;
}

sub idle { return 1; }
1;
