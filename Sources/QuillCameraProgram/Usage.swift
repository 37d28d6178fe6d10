/// What `--help` prints.
enum Usage {
  static let text: StaticString = """
    quill-camera: int8 networks on camera frames

    usage:
      quill-camera [MODEL.quill] [SOURCE] [OUTPUT]      a line an answer; SIGHUP reads the model anew
      quill-camera verify [MODEL.quill]                 prove the model on this machine
      quill-camera run MODEL.quill --input X.npy --output Y.npy
      quill-camera doctor [SOURCE]                      what cameras there are, and what is in the way
      quill-camera capture [SOURCE] --output PATH       what the camera sees, as PGM pictures

    Where no model is named, model.quill beside the program is taken; - is standard input.

    SOURCE:
      --device PATH    camera, /dev/videoN; auto (the default): the first there is
      --stdin          raw frames on standard input, one after the other
      --y4m PATH       a Y4M video; - is standard input
      --folder PATH    pictures: PGM, PPM, and, where the system has the libraries, PNG and JPEG
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
      --gain V         auto, or a value in the driver's units
      --focus V        auto, or a value in the driver's units
      --frames N       end after N frames (capture: 1; otherwise without end)
      --wait           wait for a camera that is not there yet
      --quiet          keep changes of the camera's state from standard error

    OUTPUT:
      --text           lines to read in place of JSON
      --on-change      a line only when the answer changes
      --hold N         a change takes N frames in a row that agree and are sure; "held" tells what is held
      --margin P       unsure below P percent between the best class and the second (digits: where the best
                       is less than about 55 times as likely; other networks: 20)
      --multi          read several digits, row by row from left to right, as a number
      --equalise E     spread grey levels before a digit is looked for: none (the default), global, clahe
      --explain DIR    write the steps to the answer as pictures: of one frame, of each of --frames N, or of
                       each picture of a folder
      --record FILE    keep frames and answers
      --preview        show the frames on the terminal, with the box around what was found

    A camera that goes away, stalls or fails is looked for again until it is back; the newest frame is
    answered, and older ones count as dropped. From every other source all frames are answered.

    An answer is a line of JSON, or of text with --text:
      class, label, probability   of the digit; null when there is none
      runnerUp                    the second best class, likewise
      unsure                      true when what was found is hardly a digit, or two classes are close
      box                         left, top, width, height in pixels of the frame: the digit, or what
                                  was cropped for a network of other pictures
      number, digits              with --multi, in place of the classes: the digits read as one, rows apart by
                                  a space, and each with class, unsure and box
      held                        the class or number that --hold keeps, null for none
      sequence                    the camera's counter
      timestampNanoseconds        when the frame was taken, by CLOCK_MONOTONIC
      ageMicroseconds             from then to the answer
      captureMicroseconds, preprocessMicroseconds, inferenceMicroseconds
      dropped                     frames of the camera that were not answered since the line before
      lost                        those of them that never came whole; the others gave way to a newer one
      file, drawn                 the picture's name in its folder; the digit that was drawn

    --record keeps each frame and its answer. A recording that is there is gone on with. It is whole up to a
    frame whenever the program is killed; when the disk is full, one line says so and the answers go on.
    --replay answers the frames again and prints the same bytes on every machine: recorded timestamps, and no
    measured times. A line on standard error says whether the answers are those recorded.

    run reads int8 .npy files, first dimension the batch, and writes the output's int8 values; - is a
    standard stream. capture writes into a folder, a file (one frame) or standard output (-).

    exit codes:
      0  done, asked to stop, or the reader of the output went away
      1  a file, a device or a model could not be used
      2  the command line makes no sense
      3  verify: the model answers differently on this machine
      4  doctor: no camera can be used

    """
}
