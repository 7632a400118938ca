// Module resolution of the double's process: the name "electron" leads to the double, everything else goes its way.
let double;

export function initialize(data) {
  double = data.double;
}

export function resolve(specifier, context, next) {
  return specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context);
}
