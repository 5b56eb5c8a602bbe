'use strict'

function discount (order, rate = order.vip ? 0.1 : 0) {
  if (order.lines.length === 0) return 0
  const sum = order.lines.reduce((all, line) => all + line.amount, 0); const cut = sum * rate
  if (cut > 50) {
    return 50
  } else if (cut < 0) {
    throw new Error('negative')
  }
  return cut || 0
}

function shipping (order) {
  switch (order.country) {
    case 'DE':
    case 'AT':
      return order.express ? 12 : 5
    case 'CH':
      return order.express && order.insured
        ? 25
        : 15
    default:
      return null
  }
}

class Basket {
  count (lines) {
    return lines.filter((line) => {
      return line.gift || line.amount > 0
    }).length
  }
}

const label = (order) => (order.gift && order.message) ?? 'none'

/* istanbul ignore next */
/* v8 ignore next 3 */
function debug () {
  console.log('never')
}

module.exports = { discount, shipping, Basket, label, debug }
