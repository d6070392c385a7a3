/** What was installed where a run ran (docs/http-api.md, "packages"). */
export interface IPackage {
  readonly name: string;
  readonly version: string;
  /** Where it was installed from, when that was no index: an address, or the name of a folder. */
  readonly origin: string | null;
  /** It came from a folder or a file of the machine. */
  readonly local: boolean;
  /** Its code is taken from that folder as it is. */
  readonly editable: boolean;
  /** The package as a line of a requirements file. */
  readonly requirement: string;
}

export interface IPackages {
  readonly python: string | null;
  readonly implementation: string | null;
  readonly packages: readonly IPackage[];
}

/** What the detail of a run tells of them. */
export interface IPackagesFact {
  readonly digest: string;
  readonly count: number;
  readonly python: string;
}

/** Packages whose name, version or origin holds the text, upper and lower case alike. */
export function matching(packages: readonly IPackage[], text: string): readonly IPackage[] {
  const wanted = text.trim().toLowerCase();
  return wanted === ''
    ? packages
    : packages.filter(one =>
        `${one.name}==${one.version} ${one.origin ?? ''}`.toLowerCase().includes(wanted)
      );
}

/** A requirements file of all of them. */
export const requirementsText = (packages: readonly IPackage[]): string =>
  packages.map(one => `${one.requirement}\n`).join('');
