/// The characters of HIBC barcodes and their check character (modulo 43, as in Code 39).
public enum HIBC {
    private static let characters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%".utf8)

    /// The check character for a barcode without one, its `+` included; nil where a character has no value.
    public static func checkCharacter(for body: String) -> Character? {
        checkCharacter(for: Array(body.utf8)[...]).map { Character(Unicode.Scalar($0)) }
    }

    static func checkCharacter(for body: ArraySlice<UInt8>) -> UInt8? {
        var sum = 0
        for byte in body {
            guard let value = value(of: byte) else { return nil }
            sum += value
        }
        return characters[sum % characters.count]
    }

    static func value(of byte: UInt8) -> Int? {
        characters.firstIndex(of: byte)
    }
}
