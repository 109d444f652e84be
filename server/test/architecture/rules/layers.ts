import {
  folderOf,
  hasIndex,
  isInServer,
  isKnownFolder,
  isRootFile,
  isSpec,
  layers,
  leaves,
  rootFiles,
} from '../layout.js';
import type { Import, Source } from '../project.js';
import { eachSource, violationAt, type Rule } from '../violation.js';

/** Folders are the listed layers, transport and the leaves, and the root holds only the entry points. */
export const foldersAreKnown: Rule = eachSource((source) => {
  const folder = folderOf(source.path);
  if (folder !== undefined && !isKnownFolder(folder)) {
    return [
      violationAt(source, 1, `'${folder}' has no place in the layer order: name it in layout.ts or move the file`),
    ];
  }
  if (isRootFile(source.path) && !rootFiles.some((name) => source.path === `server/src/${name}`)) {
    return [
      violationAt(source, 1, `only ${rootFiles.join(', ')} live at the root of server/src: move it into a folder`),
    ];
  }
  return [];
});

/** Layers import leftwards, transport imports the kernel, nobody imports a leaf or an entry point. */
export const importsGoLeft: Rule = eachSource((source) => {
  const from = folderOf(source.path);
  if (from === undefined) return [];
  return relativeImports(source).flatMap(([each, target]) => {
    const objection = objectionTo(source.path, from, target);
    return objection === undefined ? [] : [violationAt(source, each.line, objection)];
  });
});

function objectionTo(path: string, from: string, target: string): string | undefined {
  if (!isInServer(target)) {
    return isSpec(path) ? undefined : `${target} is outside server/src: depend on a package instead`;
  }
  const to = folderOf(target);
  if (to === from) return undefined;
  if (to === undefined) return `${from} imports the entry point ${target}: nobody imports an entry point`;
  if (leaves.includes(to)) return `${from} imports the leaf ${to}: leaves are imported by nobody but the entry points`;
  if (from === 'transport') return to === 'kernel' ? undefined : `transport imports ${to}: it knows only the kernel`;
  if (to === 'transport') return from === 'kernel' ? 'the kernel imports transport: it knows nobody' : undefined;
  if (leaves.includes(from)) return undefined;
  return rank(to) < rank(from) ? undefined : `${from} imports ${to}, which is to its right: turn the dependency round`;
}

function rank(folder: string): number {
  return layers.findIndex((layer) => layer === folder);
}

/** A module shows its index.ts; kernel, platform and transport have no index and show each file. */
export const modulesMeetAtTheirIndex: Rule = eachSource((source) => {
  const from = folderOf(source.path);
  if (from === undefined) return [];
  return relativeImports(source).flatMap(([each, target]) => {
    const to = folderOf(target);
    if (to === undefined || to === from || !hasIndex(to) || target === `server/src/${to}/index.ts`) return [];
    return [violationAt(source, each.line, `${target} is inside another module: import ${to}/index.js`)];
  });
});

function relativeImports(source: Source): [Import, string][] {
  return source.imports.flatMap((each): [Import, string][] => (each.target === undefined ? [] : [[each, each.target]]));
}
