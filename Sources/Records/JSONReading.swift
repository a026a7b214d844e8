/// Reads JSON of our own writing back: whole numbers alone, and no depth beyond what we write.
package enum JSONReading {
    /// A value of canonical JSON.
    package static func value<T: Decodable>(_ type: T.Type = T.self, from bytes: [UInt8]) throws -> T {
        try T(from: TreeDecoder(json: tree(of: bytes)))
    }

    package static func value<T: Decodable>(_ type: T.Type = T.self, fromText text: String) throws -> T {
        try value(type, from: Array(text.utf8))
    }

    package static func tree(of bytes: [UInt8]) throws -> JSON {
        var reader = Reader(bytes: bytes)
        let json = try reader.value(depth: 0)
        guard reader.isAtEnd else { throw TreeDecoder.fault("something follows the value") }
        return json
    }

    static func tree(ofText text: String) throws -> JSON { try tree(of: Array(text.utf8)) }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position >= bytes.count }

        mutating func value(depth: Int) throws -> JSON {
            guard depth < 64 else { throw TreeDecoder.fault("too deep") }
            switch peek {
            case UInt8(ascii: "{"): return try object(depth: depth)
            case UInt8(ascii: "["): return try array(depth: depth)
            case UInt8(ascii: "\""): return .string(try text())
            case UInt8(ascii: "t"): return try word("true", .flag(true))
            case UInt8(ascii: "f"): return try word("false", .flag(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            default: return try number()
            }
        }

        private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

        private mutating func take(_ byte: UInt8) throws {
            guard peek == byte else { throw TreeDecoder.fault("another byte is wanted at \(position)") }
            position += 1
        }

        private mutating func word(_ word: String, _ json: JSON) throws -> JSON {
            for byte in word.utf8 { try take(byte) }
            return json
        }

        private mutating func object(depth: Int) throws -> JSON {
            try take(UInt8(ascii: "{"))
            var members: [String: JSON] = [:]
            while peek != UInt8(ascii: "}") {
                if !members.isEmpty { try take(UInt8(ascii: ",")) }
                let name = try text()
                try take(UInt8(ascii: ":"))
                let member = try value(depth: depth + 1)
                guard members.updateValue(member, forKey: name) == nil else {
                    throw TreeDecoder.fault("a name comes twice")
                }
            }
            try take(UInt8(ascii: "}"))
            return .object(members)
        }

        private mutating func array(depth: Int) throws -> JSON {
            try take(UInt8(ascii: "["))
            var items: [JSON] = []
            while peek != UInt8(ascii: "]") {
                if !items.isEmpty { try take(UInt8(ascii: ",")) }
                items.append(try value(depth: depth + 1))
            }
            try take(UInt8(ascii: "]"))
            return .array(items)
        }

        private mutating func number() throws -> JSON {
            let start = position
            if peek == UInt8(ascii: "-") { position += 1 }
            while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
            guard let number = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else {
                throw TreeDecoder.fault("no whole number at \(start)")
            }
            return .integer(number)
        }

        private mutating func text() throws -> String {
            try take(UInt8(ascii: "\""))
            let start = position
            while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
            guard peek == UInt8(ascii: "\\") else {
                let text = String(decoding: bytes[start..<position], as: UTF8.self)
                try take(UInt8(ascii: "\""))
                return text
            }
            var text = Array(bytes[start..<position])
            while let byte = peek, byte != UInt8(ascii: "\"") {
                position += 1
                if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
            }
            try take(UInt8(ascii: "\""))
            return String(decoding: text, as: UTF8.self)
        }

        private mutating func escape(into text: inout [UInt8]) throws {
            guard let byte = peek else { throw TreeDecoder.fault("the text ends in an escape") }
            position += 1
            switch byte {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "u"):
                let digits = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
                guard let code = UInt16(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
                    throw TreeDecoder.fault("no character of four digits")
                }
                position += 4
                text.append(contentsOf: String(Character(scalar)).utf8)
            default: text.append(byte)
            }
        }
    }
}
