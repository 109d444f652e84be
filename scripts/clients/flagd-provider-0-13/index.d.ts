export { FlagdProvider } from '@openfeature/flagd-provider';
