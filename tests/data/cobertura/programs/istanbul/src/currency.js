module.exports = { currency: () => 'EUR' };
