import HL7

/// Counts the messages in one block, piece by piece: the lines of `MSH` and a delimiter.
///
/// An answer names one message. A block of several without the envelope of a batch could only be answered wrongly.
struct MessageStarts {
    private static let name = Array("MSH".utf8)

    /// How many bytes of `MSH` the current line has begun with; nil once it begins with something else.
    private var matched: Int? = 0
    private(set) var count = 0

    mutating func read(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte == 0x0D || byte == 0x0A {
                matched = 0
            } else if let matched {
                if matched < Self.name.count {
                    self.matched = byte == Self.name[matched] ? matched + 1 : nil
                } else {
                    if !Self.isLetterOrDigit(byte), byte != 0x20 { count += 1 }
                    self.matched = nil
                }
            }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte)
    }
}
