import { expect, it } from '@jest/globals';
import { fillTemplate } from './fill-template.ts';

it('fills in what it has values for, and leaves variables of nginx and unknown names alone', () => {
  const template = 'listen ${PORT}; proxy_set_header Host $http_host; set $x ${other};';
  expect(fillTemplate(template, { PORT: '7070' })).toBe(
    'listen 7070; proxy_set_header Host $http_host; set $x ${other};',
  );
});
