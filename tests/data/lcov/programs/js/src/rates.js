module.exports.TAX = 0.2;
