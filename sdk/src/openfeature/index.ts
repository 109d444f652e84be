export { SluiceProvider } from './provider.js';
