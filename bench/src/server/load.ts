/** What a generator of load is asked for: so many callers, each of whom asks again when answered. */
export type Load = HttpLoad | GrpcLoad;

export interface HttpLoad {
  readonly kind: 'http';
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly callers: number;
  readonly seconds: number;
}

export interface GrpcLoad {
  readonly kind: 'grpc';
  /** Host and port. */
  readonly address: string;
  /** Of the method, `/package.Service/Method`. */
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The request's bytes, in base64: the generator need not know what they mean. */
  readonly message: string;
  readonly callers: number;
  readonly seconds: number;
}

/** How it went. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p99Ms: number;
  /** Bytes received per request, head and body; 0: not known. */
  readonly bytes: number;
  /** Answers by their HTTP or gRPC status, and those that never came under `error`. */
  readonly statuses: Readonly<Record<string, number>>;
}
