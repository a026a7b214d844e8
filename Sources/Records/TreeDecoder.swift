/// Makes a value of a JSON tree; the counterpart of `TreeEncoder`.
///
/// A text where a container is wanted is read as JSON, and 0 and 1 as a flag: so rows are read too.
struct TreeDecoder: Decoder {
    let json: JSON
    let codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        switch json {
        case .object(let members): return KeyedDecodingContainer(Keyed<Key>(members: members))
        case .string(let text): return try TreeDecoder(json: JSONReading.tree(ofText: text)).container(keyedBy: type)
        default: throw TreeDecoder.fault("an object is wanted")
        }
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch json {
        case .array(let items): return Unkeyed(items: items)
        case .string(let text): return try TreeDecoder(json: JSONReading.tree(ofText: text)).unkeyedContainer()
        default: throw TreeDecoder.fault("an array is wanted")
        }
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(json: json) }

    static func fault(_ words: String) -> DecodingError {
        DecodingError.dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: words))
    }

    private static func text(_ json: JSON) throws -> String {
        guard case .string(let text) = json else { throw fault("a text is wanted") }
        return text
    }

    private static func flag(_ json: JSON) throws -> Bool {
        switch json {
        case .flag(let flag): return flag
        case .integer(0): return false
        case .integer(1): return true
        default: throw fault("a flag is wanted")
        }
    }

    private static func whole<Number: FixedWidthInteger>(_ json: JSON) throws -> Number {
        guard case .integer(let value) = json, let number = Number(exactly: value) else {
            throw fault("a whole number is wanted")
        }
        return number
    }

    private static func value<T: Decodable>(_ json: JSON, as type: T.Type) throws -> T {
        try T(from: TreeDecoder(json: json))
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let members: [String: JSON]
        let codingPath: [any CodingKey] = []
        var allKeys: [Key] { members.keys.sorted().compactMap { Key(stringValue: $0) } }

        private func member(_ key: Key) throws -> JSON {
            guard let json = members[SnakeCase.name(of: key.stringValue)] else {
                throw fault("\(key.stringValue) is missing")
            }
            return json
        }

        func contains(_ key: Key) -> Bool { members[SnakeCase.name(of: key.stringValue)] != nil }
        func decodeNil(forKey key: Key) throws -> Bool { try member(key) == .null }
        func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try flag(member(key)) }
        func decode(_ type: String.Type, forKey key: Key) throws -> String { try text(member(key)) }
        func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try whole(member(key)) }
        func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try whole(member(key)) }
        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try value(member(key), as: type) }

        func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type, forKey key: Key) throws
            -> KeyedDecodingContainer<NestedKey>
        {
            try TreeDecoder(json: member(key)).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try TreeDecoder(json: member(key)).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { TreeDecoder(json: members["super"] ?? .null) }
        func superDecoder(forKey key: Key) throws -> any Decoder { TreeDecoder(json: try member(key)) }
    }

    private struct Unkeyed: UnkeyedDecodingContainer {
        let items: [JSON]
        let codingPath: [any CodingKey] = []
        var currentIndex = 0
        var count: Int? { items.count }
        var isAtEnd: Bool { currentIndex >= items.count }

        init(items: [JSON]) { self.items = items }

        private mutating func next() throws -> JSON {
            guard !isAtEnd else { throw fault("the array is shorter") }
            currentIndex += 1
            return items[currentIndex - 1]
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd else { throw fault("the array is shorter") }
            guard items[currentIndex] == .null else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode(_ type: Bool.Type) throws -> Bool { try flag(next()) }
        mutating func decode(_ type: String.Type) throws -> String { try text(next()) }
        mutating func decode(_ type: Int.Type) throws -> Int { try whole(next()) }
        mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try value(next(), as: type) }

        mutating func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) throws
            -> KeyedDecodingContainer<NestedKey>
        {
            try TreeDecoder(json: next()).container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try TreeDecoder(json: next()).unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder { TreeDecoder(json: try next()) }
    }

    private struct Single: SingleValueDecodingContainer {
        let json: JSON
        let codingPath: [any CodingKey] = []

        func decodeNil() -> Bool { json == .null }
        func decode(_ type: Bool.Type) throws -> Bool { try flag(json) }
        func decode(_ type: String.Type) throws -> String { try text(json) }
        func decode(_ type: Double.Type) throws -> Double { throw fault("there is no floating point") }
        func decode(_ type: Float.Type) throws -> Float { throw fault("there is no floating point") }
        func decode(_ type: Int.Type) throws -> Int { try whole(json) }
        func decode(_ type: Int8.Type) throws -> Int8 { try whole(json) }
        func decode(_ type: Int16.Type) throws -> Int16 { try whole(json) }
        func decode(_ type: Int32.Type) throws -> Int32 { try whole(json) }
        func decode(_ type: Int64.Type) throws -> Int64 { try whole(json) }
        func decode(_ type: UInt.Type) throws -> UInt { try whole(json) }
        func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(json) }
        func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(json) }
        func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(json) }
        func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(json) }
        func decode<T: Decodable>(_ type: T.Type) throws -> T { try value(json, as: type) }
    }
}
