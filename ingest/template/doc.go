// Package template is the room of the form that ministries fill in: it writes
// the form as a workbook in one of the four languages, and reads it back,
// whatever the file is called and wherever its tables were moved.
//
// What the form asks is data: template.yaml has the sheets and tables, by codes
// of the code lists; texts/*.yaml the words. Each table carries its codes beneath
// its labels (column A and a row above the figures), and it is read by them: a
// figure is what stands where a row's code and a column's code meet.
package template
