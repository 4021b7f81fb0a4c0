/** What a shopper sends. */
export interface OrderRequest {
  product: number
  customer: number
}

/** Undefined for what is no order. */
export function readOrder(body: unknown): OrderRequest | undefined {
  const { product, customer } = (body ?? {}) as Partial<OrderRequest>
  const isNumber = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31
  return isNumber(product) && isNumber(customer) ? { product, customer } : undefined
}
