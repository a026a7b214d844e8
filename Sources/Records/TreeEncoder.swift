import Clinic

/// Turns a value into a JSON tree.
struct TreeEncoder: Encoder {
    private let storage: Storage
    let codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func tree<Value: Encodable>(of value: Value) throws -> JSON {
        if Value.self == Instant.self, let instant = value as? Instant { return .string(InstantText.text(of: instant)) }
        let storage = Storage()
        try value.encode(to: TreeEncoder(storage: storage))
        return storage.finished
    }

    private init(storage: Storage) { self.storage = storage }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        storage.shape = .object
        return KeyedEncodingContainer(Keyed<Key>(storage: storage))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        storage.shape = .array
        return Unkeyed(storage: storage)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(storage: storage) }

    /// A float somewhere in what was to be canonical.
    private static func float(_ value: Any) -> EncodingError {
        EncodingError.invalidValue(
            value, EncodingError.Context(codingPath: [], debugDescription: "canonical JSON has no floating point"))
    }

    private static func whole(_ value: some BinaryInteger) throws -> JSON {
        guard let number = Int64(exactly: value) else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: [], debugDescription: "the number is too large"))
        }
        return .integer(number)
    }

    /// What a container collects.
    private final class Storage {
        enum Shape {
            case value
            case array
            case object
        }

        var shape = Shape.value
        var value = JSON.null
        var items: [JSON] = []
        var members: [String: JSON] = [:]
        /// Containers handed out, which are filled later.
        var openItems: [(position: Int, storage: Storage)] = []
        var openMembers: [(name: String, storage: Storage)] = []

        var finished: JSON {
            switch shape {
            case .value: return value
            case .array:
                var items = items
                for (position, storage) in openItems { items[position] = storage.finished }
                return .array(items)
            case .object:
                var members = members
                for (name, storage) in openMembers { members[name] = storage.finished }
                return .object(members)
            }
        }
    }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let storage: Storage
        let codingPath: [any CodingKey] = []

        private func put(_ value: JSON, _ key: Key) { storage.members[SnakeCase.name(of: key.stringValue)] = value }

        private func open(_ key: Key) -> Storage {
            let opened = Storage()
            storage.openMembers.append((SnakeCase.name(of: key.stringValue), opened))
            return opened
        }

        mutating func encodeNil(forKey key: Key) { put(.null, key) }
        mutating func encode(_ value: Bool, forKey key: Key) { put(.flag(value), key) }
        mutating func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
        mutating func encode(_ value: Double, forKey key: Key) throws { throw float(value) }
        mutating func encode(_ value: Float, forKey key: Key) throws { throw float(value) }
        mutating func encode(_ value: Int, forKey key: Key) { put(.integer(Int64(value)), key) }
        mutating func encode(_ value: Int64, forKey key: Key) { put(.integer(value), key) }
        mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
            put(try TreeEncoder.tree(of: value), key)
        }

        mutating func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type, forKey key: Key)
            -> KeyedEncodingContainer<NestedKey>
        {
            TreeEncoder(storage: open(key)).container(keyedBy: keyType)
        }

        mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            TreeEncoder(storage: open(key)).unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder {
            let opened = Storage()
            storage.openMembers.append(("super", opened))
            return TreeEncoder(storage: opened)
        }

        mutating func superEncoder(forKey key: Key) -> any Encoder { TreeEncoder(storage: open(key)) }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let storage: Storage
        let codingPath: [any CodingKey] = []
        var count: Int { storage.items.count }

        private func open() -> Storage {
            let opened = Storage()
            storage.openItems.append((storage.items.count, opened))
            storage.items.append(.null)
            return opened
        }

        mutating func encodeNil() { storage.items.append(.null) }
        mutating func encode(_ value: Bool) { storage.items.append(.flag(value)) }
        mutating func encode(_ value: String) { storage.items.append(.string(value)) }
        mutating func encode(_ value: Double) throws { throw float(value) }
        mutating func encode(_ value: Float) throws { throw float(value) }
        mutating func encode(_ value: Int) { storage.items.append(.integer(Int64(value))) }
        mutating func encode<T: Encodable>(_ value: T) throws { storage.items.append(try TreeEncoder.tree(of: value)) }

        mutating func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type)
            -> KeyedEncodingContainer<NestedKey>
        {
            TreeEncoder(storage: open()).container(keyedBy: keyType)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            TreeEncoder(storage: open()).unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder { TreeEncoder(storage: open()) }
    }

    private struct Single: SingleValueEncodingContainer {
        let storage: Storage
        let codingPath: [any CodingKey] = []

        mutating func encodeNil() { storage.value = .null }
        mutating func encode(_ value: Bool) { storage.value = .flag(value) }
        mutating func encode(_ value: String) { storage.value = .string(value) }
        mutating func encode(_ value: Double) throws { throw float(value) }
        mutating func encode(_ value: Float) throws { throw float(value) }
        mutating func encode(_ value: Int) { storage.value = .integer(Int64(value)) }
        mutating func encode(_ value: Int8) { storage.value = .integer(Int64(value)) }
        mutating func encode(_ value: Int16) { storage.value = .integer(Int64(value)) }
        mutating func encode(_ value: Int32) { storage.value = .integer(Int64(value)) }
        mutating func encode(_ value: Int64) { storage.value = .integer(value) }
        mutating func encode(_ value: UInt) throws { storage.value = try whole(value) }
        mutating func encode(_ value: UInt8) { storage.value = .integer(Int64(value)) }
        mutating func encode(_ value: UInt16) { storage.value = .integer(Int64(value)) }
        mutating func encode(_ value: UInt32) { storage.value = .integer(Int64(value)) }
        mutating func encode(_ value: UInt64) throws { storage.value = try whole(value) }
        mutating func encode<T: Encodable>(_ value: T) throws { storage.value = try TreeEncoder.tree(of: value) }
    }
}
