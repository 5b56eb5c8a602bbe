const shipping = (weight) => {
  switch (Math.floor(weight / 10)) {
    case 0:
      return 3;
    case 1:
      return 5;
    default:
      return weight > 100 && weight < 200 ? 9 : 12;
  }
};

module.exports = { shipping };
