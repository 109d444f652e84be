import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Cart, cartOf, priceAnew, priceOf } from './pricing.js';

const cents = fc.integer({ min: 0, max: 10_000_000 }).map((amount) => amount / 100);
const european = fc.record({ currency: fc.constantFrom<Cart['currency']>('EUR', 'USD'), net: cents });
const yen = fc.record({ currency: fc.constant<Cart['currency']>('JPY'), net: fc.nat(10_000_000) });

describe('the price', () => {
  it('has tax in it, and no more decimals than its currency', () => {
    expect(priceOf({ currency: 'EUR', net: 4.2 })).toEqual({ currency: 'EUR', total: 5 });
    expect(priceOf({ currency: 'JPY', net: 1_291 })).toEqual({ currency: 'JPY', total: 1_536 });
  });

  it('is the same by the old code and by v2 of the new', () => {
    fc.assert(fc.property(fc.oneof(european, yen), (cart) => expect(priceAnew(cart, 'v2')).toEqual(priceOf(cart))));
  });

  it('is wrong by v1 in yen alone', () => {
    fc.assert(fc.property(european, (cart) => expect(priceAnew(cart, 'v1')).toEqual(priceOf(cart))));
    expect(priceAnew({ currency: 'JPY', net: 1_291 }, 'v1')).toEqual({ currency: 'JPY', total: 1_536.29 });
  });
});

it('gives every user a cart of their own', () => {
  const carts = Array.from({ length: 1_000 }, (_, index) => JSON.stringify(cartOf(`user-${index + 1}`)));
  expect(new Set(carts).size).toBe(1_000);
  expect(carts.filter((cart) => cart.includes('JPY'))).toHaveLength(100);
});
