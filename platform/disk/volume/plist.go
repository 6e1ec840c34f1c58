package volume

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// parsePlist reads the top level of a property list: strings and numbers as they stand, true and false by name. Lists and dictionaries
// inside are passed over.
func parsePlist(data []byte) (map[string]string, error) {
	var list struct {
		Dict struct {
			Items []struct {
				XMLName xml.Name
				Text    string `xml:",chardata"`
			} `xml:",any"`
		} `xml:"dict"`
	}
	if err := xml.NewDecoder(bytes.NewReader(data)).Decode(&list); err != nil {
		return nil, fmt.Errorf("property list: %w", err)
	}
	facts := map[string]string{}
	key := ""
	for _, item := range list.Dict.Items {
		switch name := item.XMLName.Local; name {
		case "key":
			key = item.Text
		case "true", "false":
			facts[key] = name
		case "string", "integer", "real", "date":
			facts[key] = item.Text
		}
	}
	return facts, nil
}
