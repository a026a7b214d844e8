internal import CLibXML2

/// What a schema has against a document.
public struct SchemaFinding: Equatable, Sendable {
    /// The element at hand; nil before the root.
    public let element: Name?

    /// Where that element begins.
    public let position: Position

    /// What is wrong, for people; it repeats no value of the document.
    public let text: String
}

/// An XML schema (XSD 1.0), compiled once and good for any number of documents, on any thread.
public final class Schema: @unchecked Sendable {
    /// The schema is none, with the line that libxml2 names and its reason.
    public struct CompileFault: Error, Equatable, Sendable {
        /// The line of the schema.
        public let line: Int

        /// What libxml2 says.
        public let text: String
    }

    // Only read once it is compiled: libxml2 keeps what changes in the context of each validation.
    private let compiled: xmlSchemaPtr

    /// Compiles a schema that includes and imports nothing.
    public init(_ bytes: [UInt8]) throws(CompileFault) {
        // libxml2 would print what it has against a schema that is not well-formed.
        do {
            let reader = EventReader(bytes: bytes)
            while try reader.next() != nil {}
        } catch {
            let fault = error as? Fault
            throw CompileFault(line: fault?.position.line ?? 1, text: fault?.text ?? "the schema cannot be read")
        }
        Library.prepare()
        let problems = Problems()
        let schema = bytes.withUnsafeBytes { buffer -> xmlSchemaPtr? in
            guard
                let context = xmlSchemaNewMemParserCtxt(
                    buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count))
            else { return nil }
            defer { xmlSchemaFreeParserCtxt(context) }
            xmlSchemaSetParserStructuredErrors(
                context,
                { user, error in
                    guard let user, let error else { return }
                    Unmanaged<Problems>.fromOpaque(user).takeUnretainedValue().add(error.pointee)
                }, Unmanaged.passUnretained(problems).toOpaque())
            return withExtendedLifetime(problems) { xmlSchemaParse(context) }
        }
        guard let schema else {
            throw problems.first ?? CompileFault(line: 1, text: "the schema cannot be compiled")
        }
        compiled = schema
    }

    deinit {
        xmlSchemaFree(compiled)
    }

    /// All that the schema has against a document, at most so many findings; the document must be well-formed.
    ///
    /// Throws a `Fault` of the document, or what the closure throws. The memory does not grow with the document, apart
    /// from the findings and the schema's keys.
    public func validate(
        limits: Limits = Limits(), most: Int = 1000, pull: @escaping (Int) throws -> [UInt8]
    ) throws -> [SchemaFinding] {
        guard let validation = Validation(schema: compiled, most: most) else {
            throw Fault(.tooLarge, at: .start, "no memory for a validation")
        }
        let reader = EventReader(limits: limits, entryDepth: nil, validation: validation, pull: pull)
        while try reader.next() != nil {}
        return validation.findings
    }

    /// All that the schema has against a document in memory, at most so many findings.
    public func validate(
        limits: Limits = Limits(), most: Int = 1000, bytes: [UInt8]
    ) throws -> [SchemaFinding] {
        try validate(limits: limits, most: most, pull: EventReader.once(bytes))
    }

    /// What libxml2 had against a schema.
    private final class Problems {
        var first: CompileFault?

        func add(_ error: xmlError) {
            guard first == nil else { return }
            let message = error.message.map { String(cString: $0) } ?? ""
            first = CompileFault(line: Int(error.line), text: String(message.prefix { $0 != "\n" }))
        }
    }
}
