import {
  ADTS,
  FLAC,
  FilePathSource,
  Input,
  LogLevel,
  Logging,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from "mediabunny";

/**
 * All but HLS, whose playlists are text that names further files and addresses: reading a storyboard's asset must
 * not open anything else. More than the service takes, so that a message can say what a file is.
 */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];

// Its warnings about odd files would stand between the lines of our own output.
Logging.level = LogLevel.Silent;

/** Lets `read` use a media file, and closes it. Throws when the file is no medium, as `read` finds out. */
export async function withInput<T>(path: string, read: (input: Input) => Promise<T>): Promise<T> {
  const input = new Input({ source: new FilePathSource(path), formats: FORMATS });
  try {
    return await read(input);
  } finally {
    input.dispose();
  }
}
