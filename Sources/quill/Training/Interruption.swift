import Dispatch
import Foundation
import Synchronization

/// Takes SIGINT, SIGTERM and SIGHUP as a wish to stop at the next good place, so that what is done can be kept.
final class Interruption {
  private let received: ReceivedSignal
  private let watches: [any DispatchSourceSignal]

  /// Watches from now on for those signals that still have their own effect.
  init() {
    let received = ReceivedSignal()
    self.received = received
    watches = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      // What the parent ignores (nohup) or the tool handles stays so.
      var current = sigaction()
      guard sigaction(number, nil, &current) == 0, current.__sigaction_handler.sa_handler == nil else { return nil }
      signal(number, SIG_IGN)
      let watch = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      watch.setEventHandler { received.note(number) }
      watch.resume()
      return watch
    }
  }

  /// Whether a signal has come.
  var isWanted: Bool { received.number != 0 }

  /// The same question, for several threads to ask.
  var asked: @Sendable () -> Bool { { [received] in received.number != 0 } }

  /// Gives the signals their own effects back; one that came too late to matter is forgotten.
  func end() {
    for watch in watches {
      watch.cancel()
      signal(Int32(watch.handle), SIG_DFL)
    }
  }

  /// Ends the process as the signal would have.
  func follow() {
    end()
    raise(received.number)
  }
}

/// The first signal that came; 0 where none did.
private final class ReceivedSignal: Sendable {
  private let stored = Atomic<Int32>(0)

  var number: Int32 { stored.load(ordering: .relaxed) }

  func note(_ number: Int32) {
    _ = stored.compareExchange(expected: 0, desired: number, ordering: .relaxed)
  }
}
