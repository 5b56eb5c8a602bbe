
export class Wallet {
  constructor(cents, {
    currency = 'EUR',
    strict = false,
  } = {}) {
    this.cents = cents;
    this.currency = currency;
    this.strict = strict;
  }

  pay(cents) {
    if (cents <= 0 || cents > this.cents) return false;
    this.cents -= cents;
    return true;
  }

  shown() {
    return this.currency === 'EUR'
      ? this.cents + ' €'
      : this.currency + ' ' + this.cents;
  }

  get empty() { return this.cents === 0; }
}

