import fc from 'fast-check';

// Properties draw the same examples in every run; explore with another seed by hand, and keep what it finds as a case.
fc.configureGlobal({ seed: 20261121 });
