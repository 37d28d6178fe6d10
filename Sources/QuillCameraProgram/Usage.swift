/// What `--help` prints.
enum Usage {
  static let text: StaticString = """
    quill-camera: int8 networks on camera frames

    usage:
      quill-camera [MODEL.quill] [SOURCE] [OUTPUT]      a line an answer; SIGHUP reads the model anew
      quill-camera verify [MODEL.quill]                 prove the model on this machine
      quill-camera run MODEL.quill --input X.npy --output Y.npy
      quill-camera doctor [SOURCE]                      the cameras, and what is in the way
      quill-camera capture [SOURCE] --output PATH       what the camera sees, as PGM pictures

    Where no model is named, model.quill beside the program is taken; - is a standard stream.

    SOURCE:
      --device PATH    camera, /dev/videoN; auto (the default): the first there is
      --stdin          raw frames on standard input, one after the other
      --y4m PATH       a Y4M video; - is standard input
      --folder PATH    pictures: PGM, PPM and, with the system's libraries, PNG and JPEG
      --replay FILE    what --record kept
      --synthetic      digits that the program draws
      --seed N         which digits it draws (0); --synthetic is meant
      --width W        pixels (640)
      --height H       pixels (480)
      --format F       grey, yu12, nv12, nv21, yuyv, uyvy, rgb24, bgr24, bayer8, bayer10, bayer10p, nv16, mjpeg,
                       or a V4L2 code such as NM12
                       (camera: the cheapest it has; standard input: grey)
      --fps N          frames a second to ask a camera for (30)
      --exposure V     auto, or a value in the driver's units: of USB cameras 100 microseconds
      --gain V         the same
      --focus V        the same
      --frames N       end after N frames (capture: 1)
      --wait           wait for a camera that is not there yet
      --quiet          say nothing of the camera's state

    OUTPUT:
      --text           lines to read in place of JSON
      --on-change      a line only when the answer changes
      --hold N         a change takes N frames in a row that agree and are sure; see held
      --margin P       unsure below P percent between the two best classes (20; of digits, where the best is
                       less than some 55 times as likely)
      --multi          read several digits, row by row from left to right, as a number
      --equalise E     spread grey levels before a digit is looked for: none (the default), global, clahe
      --explain DIR    write the steps to the answer as pictures: of one frame, of --frames N, or of all in a folder
      --record FILE    keep frames and answers
      --preview        show the frames on the terminal, with the box around what was found

    A camera that goes away, stalls or fails is looked for until it is back; its newest frame is answered, older
    ones count as dropped. Of every other source each frame is answered.

    An answer is a line of JSON, or of text with --text:
      class, label, probability  of the digit; null when there is none
      runnerUp                  the second best class, likewise
      unsure                    whether it is hardly a digit, or two classes are close
      box                       x, y, width, height in the frame: of the digit, or of what a network of
                                other pictures was fed
      number, digits            with --multi, for the classes: the digits read as one, a space between rows,
                                and each with class, unsure and box
      held                      what --hold keeps, null for none
      sequence                  the camera's counter
      timestampNanoseconds      when the frame was taken, by CLOCK_MONOTONIC
      ageMicroseconds           from then to the answer
      captureMicroseconds, preprocessMicroseconds, inferenceMicroseconds
      dropped                   frames of the camera that were not answered since the line before
      lost                      those of them that never came whole; others gave way to a newer one
      file, drawn               the picture's name in its folder; the digit that was drawn

    --record goes on with a recording that is there, and leaves it whole however the program ends; when the disk
    is full, one line says so and the answers go on. --replay answers its frames again: with recorded timestamps
    and no measured times, the same bytes on every machine. Standard error says whether they are those recorded.

    run reads and writes int8 .npy files, first dimension the batch. capture writes into a folder, a file (one
    frame) or standard output (-).

    exit codes:
      0  done, stopped, or nobody reads the output
      1  a file, a device or a model could not be used
      2  the command line makes no sense
      3  verify: this machine answers differently
      4  doctor: no camera can be used

    """
}
