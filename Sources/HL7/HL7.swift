// HL7 v2 messages of every version in their pipe-and-hat encoding (ER7) and in HL7's own XML: bytes to located fields,
// and back.
//
// Reading: `FrameReader` cuts a file, and `MLLPReader` a stream, into envelopes and messages. `Message` is an offset
// table over one message's bytes; `Part` reads a place of it. `MessageAssembly` joins what was sent in pieces.
// Checking: `ConformanceCheck` compares a message with the standard, `StructureTree` puts it into its groups.
// Writing: `MessageWriter` builds and changes messages, `Acknowledgment` and `AcknowledgmentBatch` answer them.
// XML: `XMLMessageBuilder` takes a parser's events, `XMLMessageWriter` writes documents.
//
// Numbers count from 1 everywhere, as HL7 itself counts.
