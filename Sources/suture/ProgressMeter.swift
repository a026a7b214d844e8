import Foundation
import Processor

/// A line on a terminal that tells how far a run is; nothing anywhere else.
final class ProgressMeter {
    private let timer: (any DispatchSourceTimer)?

    init(_ processor: Processor) {
        guard isatty(STDERR_FILENO) == 1 else {
            timer = nil
            return
        }
        let timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + .milliseconds(300), repeating: .milliseconds(200))
        timer.setEventHandler { ProgressMeter.write(ProgressMeter.line(processor.progress)) }
        timer.resume()
        self.timer = timer
    }

    /// Clears the line.
    func end() {
        guard let timer else { return }
        timer.cancel()
        ProgressMeter.write("")
    }

    /// Writes a line of its own, on a terminal or not.
    func say(_ text: String) {
        if timer != nil { ProgressMeter.write("") }
        ExitStatus.complain(text)
    }

    /// Puts a text in place of the line.
    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(("\r\u{1B}[K" + text).utf8))
    }

    private static func line(_ progress: RunProgress) -> String {
        let seconds = max(1, Int(progress.elapsed / .seconds(1)))
        let rate = progress.entriesDone / seconds
        var text = "\(progress.dropsDone) of \(progress.dropsKnown) drops, \(progress.entriesDone) entries, \(rate)/s"
        if progress.dropsDone > 0, progress.dropsDone < progress.dropsKnown {
            text += ", about \(seconds * (progress.dropsKnown - progress.dropsDone) / progress.dropsDone) s left"
        }
        return text
    }
}
