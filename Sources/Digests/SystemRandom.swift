/// Bytes from the kernel's random source, for keys and salts.
public enum SystemRandom {
    /// This many random bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
