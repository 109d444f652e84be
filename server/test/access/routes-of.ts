import { RequestMethod, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A method of a class that answers a route or a field. */
export interface Handler {
  readonly name: string;
  readonly type: Type;
  readonly method: (...args: unknown[]) => unknown;
}

/** Every route that Fastify knows, as `GET /api/v1/projects`; HEAD goes with GET. */
export function routesOf(app: NestFastifyApplication): readonly string[] {
  const printed = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const path: string[] = [];
  const routes: string[] = [];
  for (const line of printed.split('\n')) {
    const found = /^((?:│ {3}| {4})*)[├└]── (\S+) \(([A-Z, ]+)\)$/u.exec(line);
    if (found === null) {
      if (line.trim() !== '') throw new Error(`This line of Fastify's routes is not understood: ${line}`);
      continue;
    }
    const [, indent = '', part = '', methods = ''] = found;
    path.splice(indent.length / 4, path.length, part);
    const at = path.join('');
    for (const method of methods.split(', '))
      if (method !== 'HEAD' && method !== 'OPTIONS') routes.push(`${method} ${at}`);
  }
  return routes;
}

/** The handlers of controllers, by their routes. */
export function controllersOf(app: NestFastifyApplication): ReadonlyMap<string, Handler> {
  const routes = new Map<string, Handler>();
  for (const handler of handlersOf(app, 'controllers')) {
    const verb = Reflect.getMetadata('method', handler.method) as RequestMethod | undefined;
    if (verb === undefined) continue;
    const parts = [handler.type, handler.method].map((of) => Reflect.getMetadata('path', of) as string);
    const path = parts.flatMap((part) => part.split('/').filter((each) => each !== '')).join('/');
    routes.set(`${RequestMethod[verb]} /${path}`, handler);
  }
  return routes;
}

/** The handlers of GraphQL: of queries, mutations and subscriptions, and of fields that are resolved by themselves. */
export function resolversOf(app: NestFastifyApplication): readonly Handler[] {
  return handlersOf(app, 'providers').filter(
    ({ method }) =>
      Reflect.hasMetadata('graphql:resolver_type', method) || Reflect.hasMetadata('graphql:resolve_property', method),
  );
}

function handlersOf(app: NestFastifyApplication, kind: 'controllers' | 'providers'): readonly Handler[] {
  const types = new Set<Type>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module[kind].values()) if (isClass(metatype)) types.add(metatype);
  }
  return [...types].flatMap((type) =>
    Object.entries(Object.getOwnPropertyDescriptors(type.prototype)).flatMap(([name, { value }]) =>
      typeof value === 'function' && name !== 'constructor'
        ? [{ name: `${type.name}.${name}`, type, method: value as Handler['method'] }]
        : [],
    ),
  );
}

function isClass(value: unknown): value is Type {
  return typeof value === 'function' && value.prototype !== undefined;
}
