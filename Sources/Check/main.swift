// graphql-check lints and runs GraphQL from a pipe, one JSON object a line in and out: docs/graphql-check.md.
import Glibc

/// Answers line by line, until the input ends or nobody listens.
func answerStandardInput() async {
  var operations = CheckOperations()
  var reader = LineReader()
  while let line = reader.next() {
    var answer =
      switch line {
      case .text(let text): await operations.answer(line: text)
      case .tooLong:
        CheckAnswer.unusable("the line is longer than \(LineReader.defaultLimit) bytes").line(id: .null)
      }
    answer.append(0x0A)
    guard writeToStandardOutput(answer) else { exit(1) }
  }
}

await answerStandardInput()
