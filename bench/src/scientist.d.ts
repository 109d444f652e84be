/** What is used here of npm `scientist` 1.1, which comes without types. */
declare module 'scientist' {
  interface Experiment<T> {
    use(control: () => T): void;
    try(candidate: () => T): void;
    async(isAsync: boolean): void;
  }
  class Scientist {
    science<T>(name: string, define: (experiment: Experiment<T>) => void): T;
  }
  export = Scientist;
}
