import path from 'node:path';
import ts from 'typescript';

export interface UsedSurface {
  /** Interface of electron.d.ts → its members that are read, called or set. */
  members: Map<string, Set<string>>;
  /** Interface → names of events listened to. */
  events: Map<string, Set<string>>;
  /** Files that were read, so that an empty answer can be told from an empty reading. */
  files: string[];
}

/**
 * What these sources use of Electron, by TypeScript's own knowledge of every expression: a member counts when its
 * declaration stands in electron.d.ts.
 */
export function findUsedSurface(
  entries: readonly string[],
  isOurs: (file: string) => boolean,
  root: string,
): UsedSurface {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.electron.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const chosen = { ...options, composite: false, incremental: false, noEmit: true };
  const host = ts.createCompilerHost(chosen);
  // Only what can name something of Electron's is read: the rest of the product would take most of the time.
  host.resolveModuleNameLiterals = (literals, file) =>
    literals.map(({ text }) => {
      const found = ts.resolveModuleName(text, file, chosen, host);
      const target = found.resolvedModule?.resolvedFileName;
      const isRead = target !== undefined && (text === 'electron' || isOurs(target) || file.includes('node_modules'));
      return isRead ? found : { resolvedModule: undefined };
    });
  const program = ts.createProgram([...entries], chosen, host);
  const checker = program.getTypeChecker();
  const used: UsedSurface = { members: new Map(), events: new Map(), files: [] };

  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) note(node.name, node.parent);
    else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const name = node.propertyName ?? node.name;
      const symbol = ts.isIdentifier(name) ? checker.getTypeAtLocation(node.parent).getProperty(name.text) : undefined;
      if (symbol) noteSymbol(symbol);
    } else if (ts.isElementAccessExpression(node)) {
      const owner = checker.getTypeAtLocation(node.expression).symbol;
      if (owner && isElectron(owner)) throw new Error(`${node.getText()} hides which member of Electron it uses.`);
    }
    ts.forEachChild(node, visit);
  };
  const note = (name: ts.MemberName, call: ts.Node): void => {
    const symbol = checker.getSymbolAtLocation(name);
    if (!symbol || !isElectron(symbol)) return;
    const owner = noteSymbol(symbol);
    if (owner && /^(?:on|once|off|addListener|removeListener)$/.test(name.text) && ts.isCallExpression(call)) {
      const first = call.arguments[0];
      if (!first || owner === 'IpcRenderer') return;
      if (!ts.isStringLiteral(first)) throw new Error(`${call.getText()} hides which event it listens to.`);
      add(used.events, owner, first.text);
    }
  };
  const noteSymbol = (symbol: ts.Symbol): string | undefined => {
    const declaration = symbol.declarations?.find((candidate) =>
      candidate.getSourceFile().fileName.endsWith('electron.d.ts'),
    );
    const owner = declaration?.parent;
    if (!owner || !(ts.isInterfaceDeclaration(owner) || ts.isClassDeclaration(owner)) || !owner.name) return undefined;
    add(used.members, owner.name.text, symbol.name);
    return owner.name.text;
  };

  for (const source of program.getSourceFiles()) {
    if (!isOurs(source.fileName)) continue;
    used.files.push(source.fileName);
    visit(source);
  }
  return used;
}

function isElectron(symbol: ts.Symbol): boolean {
  return (
    symbol.declarations?.some((candidate) => candidate.getSourceFile().fileName.endsWith('electron.d.ts')) ?? false
  );
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}
