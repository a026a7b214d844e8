/// The reader's window over its input: pieces are read, decoded if they are UTF-16, and forgotten once given away.
extension FrameReader {
    mutating func start() throws(Failure) {
        hasStarted = true
        try fill(to: 4)
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
            byteOrderMark = .utf8
            cursor = 3
        } else if let endianness = UTF16Transcoder.Endianness(byteOrderMark: buffer) {
            byteOrderMark = .utf16
            var transcoder = UTF16Transcoder(endianness)
            let raw = buffer
            buffer = []
            transcoder.append(raw[2...], to: &buffer)
            if hasEnded { transcoder.finish(into: &buffer) }
            self.transcoder = transcoder
        } else if let endianness = UTF16Transcoder.Endianness(header: buffer) {
            byteOrderMark = .utf16
            var transcoder = UTF16Transcoder(endianness)
            let raw = buffer
            buffer = []
            transcoder.append(raw[...], to: &buffer)
            if hasEnded { transcoder.finish(into: &buffer) }
            self.transcoder = transcoder
        }
    }

    /// Reads on until the buffer holds `count` bytes or the input ends.
    mutating func fill(to count: Int) throws(Failure) {
        while buffer.count < count, !hasEnded {
            if var transcoder {
                var raw: [UInt8] = []
                if try source(&raw, chunk) == 0 {
                    hasEnded = true
                    transcoder.finish(into: &buffer)
                } else {
                    transcoder.append(raw[...], to: &buffer)
                }
                self.transcoder = transcoder
            } else if try source(&buffer, chunk) == 0 {
                hasEnded = true
            }
        }
    }

    /// Forgets what has been given away, when that is most of the buffer, so that the copying stays linear.
    mutating func compact() {
        let keep = min(current?.start ?? cursor, cursor)
        guard keep > buffer.count / 2 else { return }
        buffer.removeFirst(keep)
        base += keep
        cursor -= keep
        current?.shift(by: keep)
    }
}
