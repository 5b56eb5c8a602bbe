interface Order {
  vip?: boolean
  lines: { amount: number }[]
}

export function discount (order: Order, rate: number = order.vip ? 0.1 : 0): number {
  if (order.lines.length === 0) return 0
  const sum = order.lines.reduce((all, line) => all + line.amount, 0)
  if (sum > 50) {
    return 50 * rate
  }
  return sum || 0
}

export enum Kind { A, B }

export class Basket {
  constructor (public readonly kind: Kind, private limit?: number) {}
}
