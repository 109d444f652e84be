/** What buyers put into a cart: the price before tax, in units of their currency. */
export interface Cart {
  readonly currency: Currency;
  readonly net: number;
}

/** What they pay, in units of their currency. */
export interface Price {
  readonly currency: Currency;
  readonly total: number;
}

type Currency = 'EUR' | 'USD' | 'JPY';

const TAX_PERCENT = 19;
const DECIMALS: Readonly<Record<Currency, number>> = { EUR: 2, USD: 2, JPY: 0 };

/** The old code. */
export function priceOf({ currency, net }: Cart): Price {
  const scale = 10 ** DECIMALS[currency];
  const taxed = (Math.round(net * scale) * (100 + TAX_PERCENT)) / 100;
  return { currency, total: Math.round(taxed) / scale };
}

/** The new code, for any currency: reckons in whole coins. v1 takes it that every currency has cents; v2 knows better. */
export function priceAnew({ currency, net }: Cart, version: string): Price {
  const scale = 10 ** (version === 'v1' ? 2 : decimalsOf(currency));
  const coins = BigInt(Math.round(net * scale));
  return { currency, total: Number((coins * BigInt(100 + TAX_PERCENT) + 50n) / 100n) / scale };
}

function decimalsOf(currency: Currency): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** What a user always buys: of ten users one pays in yen, and three in dollars. */
export function cartOf(user: string): Cart {
  const number = Number(/\d+$/u.exec(user)?.[0] ?? 1);
  if (number % 10 === 0) return { currency: 'JPY', net: 1_200 + number };
  return { currency: number % 10 < 4 ? 'USD' : 'EUR', net: (420 + number) / 100 };
}
