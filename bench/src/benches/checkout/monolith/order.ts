/** What a customer asks to be ordered. */
export interface OrderPlaceRequest {
  idempotencyKey: string;
  /** Uuid; null for what is the id of no address. */
  addressId: string | null;
  expectedTotal: Total;
}

/** What an order costs. */
export interface Total {
  minorUnits: number;
  currency: string;
}

/** An order as the schema has it. */
export interface PlacedOrder {
  /** Global id. */
  id: string;
  number: string;
  status: string;
  total: Total;
}
