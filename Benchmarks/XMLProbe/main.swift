import Glibc
import XML

// Reads the file that is named, in pieces as the processor reads it, and tells in one line the microseconds, the growth
// of memory in KiB, the bytes taken, the file and what became of it. It marks on standard error where the reading begins
// and ends, so that `scripts/xml-probe` can show by strace that nothing is opened in between.

/// The most memory so far, in KiB.
func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}

// Warm-up: libxml2 starts.
do { _ = try EntryReader(bytes: Array("<a/>".utf8)) } catch { exit(2) }
let name = CommandLine.arguments[1]
// The file is read in pieces, as the processor reads it; time and memory count from before the first piece to the answer.
let fd = open(name, O_RDONLY)
write(2, "BEGIN\n", 6)
let before = peak()
var taken = 0
var outcome = "accepted"
let time = ContinuousClock().measure {
    do {
        let reader = try EntryReader { most in
            var buffer = [UInt8](repeating: 0, count: most)
            let n = Glibc.read(fd, &buffer, most)
            taken += max(n, 0)
            return Array(buffer.prefix(max(n, 0)))
        }
        while try reader.next() != nil {}
    } catch { outcome = "\(error)" }
}
write(2, "END\n", 4)
let us = Int(time.components.attoseconds / 1_000_000_000_000) + Int(time.components.seconds) * 1_000_000
print("\(us)\t\(peak() - before)\t\(taken)\t\(name)\t\(outcome)")
