import { type FileReader, SourceFault, type VideoProbe } from '../sources/source.ts';

/** A probe that looks at nothing outside of the folder its file reader is bound to. */
export function probeWithin(files: FileReader, probe: VideoProbe): VideoProbe {
  return {
    probe: async (file) => {
      const facts = await files.facts(file);
      if (!facts) throw new SourceFault('missing-file', `${file} is not there: put the video back beside its data.`);
      return probe.probe(facts.path);
    },
  };
}
