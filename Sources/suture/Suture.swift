@main
struct Suture {
    static func main() {}
}
